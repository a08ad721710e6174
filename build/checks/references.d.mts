export function referenceProblems(root: string): string[];
