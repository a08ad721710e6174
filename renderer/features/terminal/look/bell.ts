const flashMs = 150;
const quietMs = 500;

/** Turns bells into short flashes, at most two a second however often a program rings. Returns the ringer and its stop. */
export function makeBell(show: (on: boolean) => void): { ring(): void; stop(): void } {
  let off: ReturnType<typeof setTimeout> | undefined;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  return {
    ring() {
      if (quiet !== undefined) return;
      show(true);
      off = setTimeout(() => show(false), flashMs);
      quiet = setTimeout(() => (quiet = undefined), quietMs);
    },
    stop() {
      clearTimeout(off);
      clearTimeout(quiet);
    },
  };
}
