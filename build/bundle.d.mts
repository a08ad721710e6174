import type { BuildOptions, BuildResult } from 'esbuild';

export const root: string;
/** ES module bundles of `entryPoints` in `outdir`, sharing chunks. */
export function bundleModules(entryPoints: BuildOptions['entryPoints'], outdir: string, options?: BuildOptions): Promise<BuildResult>;
export function bundleApp(options?: { minify?: boolean }): Promise<void>;
export function bundleCluster(): Promise<BuildResult>;
