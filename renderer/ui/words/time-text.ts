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

/** A length of time in its two largest units: "45 min", "2 h 30 min", "3 days". */
export function durationText(ms: number): string {
  if (ms < minute) return 'less than a minute';
  if (ms < hour) return `${Math.round(ms / minute)} min`;
  // A server cuts a fraction of a second off what was asked for.
  const minutes = Math.round(ms / minute);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
  const hours = Math.round(minutes / 60);
  const days = Math.floor(hours / 24);
  return `${days} ${days === 1 ? 'day' : 'days'}${hours % 24 ? ` ${hours % 24} h` : ''}`;
}

/** How long ago something was, in its largest unit. A clock that differs by a little makes it "just now". */
export function agoText(then: number, now: number): string {
  const past = now - then;
  if (past < minute) return 'just now';
  if (past < hour) return `${Math.floor(past / minute)} min ago`;
  if (past < day) return `${Math.floor(past / hour)} h ago`;
  const days = Math.floor(past / day);
  return `${days} ${days === 1 ? 'day' : 'days'} ago`;
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const thisYear = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
const anyYear = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** Servers send times that no calendar has. */
const isTime = (time: number | null): time is number => time !== null && Math.abs(time) <= 8.64e15;

/** A moment as short as it can be understood: the clock for today, the day with the clock for the half year around `now`, else the date. Empty when unknown. */
export function momentText(time: number | null, now: number): string {
  if (!isTime(time)) return '';
  if (new Date(time).toDateString() === new Date(now).toDateString()) return clock.format(time);
  return (Math.abs(now - time) < 180 * day ? thisYear : anyYear).format(time);
}

/** A moment in full, to the second; "unknown" when it is. */
export const exactTimeText = (time: number | null): string => (isTime(time) ? exact.format(time) : 'unknown');
