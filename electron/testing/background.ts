import type { BackgroundReporter } from '../lib/background.ts';

/** For tests of what does not fail, or of how it is seen elsewhere. */
export const noBackground: BackgroundReporter = { failed: () => {}, worked: () => {} };
