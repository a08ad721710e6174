import { isIP, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { AppError } from '../../../shared/errors/app-error.ts';

export interface Address {
  /** ASCII host name or IP address, without brackets. */
  readonly host: string;
  readonly port: number | null;
}

/** Understands `host`, `host:port`, URLs, IPv6 with or without brackets, names in any script, with blanks around. */
export function parseAddress(typed: string): Address {
  const text = typed
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/?#\\].*$/s, '')
    .replace(/^.*@/, '');
  if (text === '') throw badAddress('An address is needed, such as teleport.example.com.');
  const bracketed = /^\[([^[\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) return { host: ipv6(bracketed[1] ?? '', typed), port: portOf(bracketed[2], typed) };
  if (isIPv6(text.replace(/%.*$/, ''))) return { host: ipv6(text, typed), port: null };
  const match = /^([^:]+)(?::(.*))?$/.exec(text);
  if (!match) throw badAddress(`“${shown(typed)}” is no address. Write it like teleport.example.com or teleport.example.com:3080.`);
  return { host: hostName(match[1] ?? '', typed), port: portOf(match[2], typed) };
}

/** `host:port`, an IPv6 host in brackets. */
export function formatAddress(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Splits what `formatAddress` made. */
export function splitAddress(address: string): { host: string; port: number } {
  const { host, port } = parseAddress(address);
  if (port === null) throw badAddress(`“${shown(address)}” has no port.`);
  return { host, port };
}

function hostName(text: string, typed: string): string {
  const host = domainToASCII(text.trim().replace(/\.$/, '')).toLowerCase();
  const labels = host.split('.');
  const valid = host.length <= 253 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
  if (!valid) throw badAddress(`“${shown(typed)}” has no valid host name. Write it like teleport.example.com.`);
  if (/^[\d.]+$/.test(host) && isIP(host) !== 4) throw badAddress(`“${shown(typed)}” is no complete IP address.`);
  return host;
}

function ipv6(text: string, typed: string): string {
  if (isIPv6(text.replace(/%[\w.-]{1,64}$/, ''))) return text.toLowerCase();
  throw badAddress(`“${shown(typed)}” has no valid IPv6 address between the brackets.`);
}

function portOf(text: string | undefined, typed: string): number | null {
  if (text === undefined || text === '') return null;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw badAddress(`“${shown(typed)}” has no valid port. Ports go from 1 to 65535.`);
  return port;
}

function shown(typed: string): string {
  const text = typed.trim().replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '');
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function badAddress(message: string): AppError {
  return new AppError('bad-address', message);
}
