/**
 * For V8, in processes that move bytes: the heap may grow to five times what is alive before all of it is collected. Buffers count as heap there, so
 * with V8's own, smaller, factor a large transfer in a process with little else in its memory collects everything every few megabytes.
 */
export const heapGrowth = '--heap-growing-percent=400';
