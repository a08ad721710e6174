import { isLoopback } from '../../teleport/connect/proxy-from-environment.ts';

export type CollectorAddress = { url: URL } | { problem: string };

/** Where events go, from a typed address; null when it is empty. Plain http is for a collector on this computer only. */
export function parseCollector(text: string): CollectorAddress | null {
  const typed = text.trim();
  if (typed === '') return null;
  let url: URL;
  try {
    url = new URL(typed);
  } catch {
    return { problem: 'The collector’s address is not a URL. Nothing is sent until it is set to one such as https://collector.example.com.' };
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    return { problem: 'The collector’s address must begin with https://. Nothing is sent until it does.' };
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return { problem: 'The collector’s address holds more than a host and a path. Nothing is sent until the rest is taken out.' };
  return { url: new URL(`${url.pathname.replace(/\/+$/, '')}/prehog.v1alpha.ConnectReportingService/SubmitConnectEvent`, url) };
}
