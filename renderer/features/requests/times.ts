import { durationText, momentText } from '../../ui/words/time-text.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** A start may lie this far ahead (login-and-auth §7.7). */
const latestStart = 7 * day;

const durations = [...[1, 2, 3, 4, 6, 8, 12, 18].map((hours) => hours * hour), ...Array.from({ length: 14 }, (_, index) => (index + 1) * day)];
const lifetimes = [hour, 4 * hour, 12 * hour, day, 3 * day, 7 * day];

interface Choice {
  value: string;
  label: string;
}

/** Lengths of access on offer, up to what the server grants (null: it did not say). */
export function durationChoices(longest: number | null): Choice[] {
  const whole = longest === null ? 'Maximum' : `${durationText(longest)} (maximum)`;
  const shorter = durations.filter((length) => longest === null || length < longest);
  return [{ value: '', label: whole }, ...shorter.map((length) => ({ value: String(length), label: durationText(length) }))];
}

/** Lifetimes on offer for a request or a session, up to the usual one. */
export function lifetimeChoices(usual: number | null): Choice[] {
  const whole = usual === null ? 'Default' : `${durationText(usual)} (default)`;
  const shorter = lifetimes.filter((length) => usual === null || length < usual);
  return [{ value: '', label: whole }, ...shorter.map((length) => ({ value: String(length), label: durationText(length) }))];
}

/** Full hours from now on at which access may start: a week ahead at most, and an hour before `latest`, if there is one. By this computer's clock. */
export function startChoices(now: number, latest: number | null): Choice[] {
  const end = Math.min(now + latestStart, latest === null ? Number.POSITIVE_INFINITY : latest - hour);
  const choices: Choice[] = [];
  const date = new Date(now);
  date.setMinutes(0, 0, 0);
  for (let at = date.getTime() + hour; at <= end; at += hour) choices.push({ value: String(at), label: momentText(at, now) });
  return choices;
}

/** What a choice means: a number, or null for the first of its list. */
export const chosen = (value: string | null): number | null => (value ? Number(value) : null);
