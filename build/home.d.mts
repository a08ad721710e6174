export function checkoutHome(root: string): string;
export function moveOldHome(root: string): void;
