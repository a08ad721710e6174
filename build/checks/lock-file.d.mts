interface LockEntry {
  optionalDependencies?: Record<string, string>;
  os?: string[];
  cpu?: string[];
  resolved?: string;
}

interface Lock {
  packages: Record<string, LockEntry>;
}

export function readLock(root: string): Lock;
export function lockProblems(lock: Lock): string[];
