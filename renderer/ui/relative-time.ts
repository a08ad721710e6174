const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long from now until `end`, in words: "in 3 h 20 min", "in 2 days", "expired". Times in milliseconds since the epoch. */
export function untilText(end: number, now: number): string {
  const left = end - now;
  if (left <= 0) return 'expired';
  if (left < minute) return 'in less than a minute';
  if (left < hour) return `in ${Math.floor(left / minute)} min`;
  if (left < day) {
    const minutes = Math.floor((left % hour) / minute);
    return `in ${Math.floor(left / hour)} h${minutes > 0 ? ` ${minutes} min` : ''}`;
  }
  const days = Math.floor(left / day);
  return `in ${days} ${days === 1 ? 'day' : 'days'}`;
}
