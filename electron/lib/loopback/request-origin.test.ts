import { describe, expect, it } from 'vitest';
import { pathOf, refuseForeign } from './request-origin.ts';

const port = 8090;
const own = '127.0.0.1:8090';

/** The status that is answered, or 200; headers as `Name: value`, with this port's own Host unless another one is named. */
function answered(headers: string[], method = 'GET', target = '/'): number {
  const all = headers.some((line) => /^host:/i.test(line)) ? headers : [`Host: ${own}`, ...headers];
  const rawHeaders = all.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]);
  return refuseForeign({ method, target, rawHeaders }, port)?.status ?? 200;
}

describe('Host', () => {
  it.each(['127.0.0.1:8090', 'localhost:8090', 'LOCALHOST:8090', '\t127.0.0.1:8090 '])('%j is this port', (host) =>
    expect(answered([`Host: ${host}`])).toBe(200),
  );
  it.each([
    'evil.test:8090',
    '127.0.0.1',
    '127.0.0.1:8091',
    '127.0.0.1:08090',
    '127.0.0.1:8090.evil.test',
    'localhost',
    'localhost.:8090',
    'evil.localhost:8090',
    '[::1]:8090',
    '127.1:8090',
    '2130706433:8090',
    '0.0.0.0:8090',
    'user@127.0.0.1:8090',
    '127.0.0.1:8090, evil.test',
    '',
  ])('%j is not', (host) => expect(answered([`Host: ${host}`])).toBe(421));

  it('is there once', () => {
    expect(refuseForeign({ method: 'GET', target: '/', rawHeaders: [] }, port)?.status).toBe(421);
    expect(answered([`Host: ${own}`, `host: ${own}`])).toBe(400);
    expect(answered([`Host: ${own}`, 'HOST: evil.test'])).toBe(400);
  });

  it('needs no port on port 80', () => {
    expect(refuseForeign({ method: 'GET', target: '/', rawHeaders: ['Host', 'localhost', 'Origin', 'http://localhost'] }, 80)).toBeNull();
  });
});

describe('the target', () => {
  it.each([
    [`http://${own}/x`, 200],
    [`HTTP://${own}`, 200],
    ['http://evil.test/', 421],
    ['http://evil.test:8090/', 421],
    [`http://u@${own}/`, 421],
    [`https://${own}/`, 400],
    ['evil.test:443', 400],
    ['', 400],
    ['*', 400],
    ['//[', 400],
    ['//[::1', 400],
    ['//x/y', 200],
    ['//', 200],
    ['/\\x', 200],
  ])('%j: %i', (target, status) => expect(answered([], 'GET', target)).toBe(status));

  it('is * for OPTIONS', () => expect(answered([], 'OPTIONS', '*')).toBe(200));

  it('loses the name in front of its path', () => {
    expect([`http://${own}/x?y`, `http://${own}`, `http://${own}?q`, '/x', '//x', '*'].map(pathOf)).toEqual(['/x?y', '/', '/?q', '/x', '//x', '*']);
  });
});

describe('Origin', () => {
  it.each([`http://${own}`, `HTTP://${own}`])('%s is the own page', (origin) => expect(answered([`Origin: ${origin}`], 'POST')).toBe(200));
  it.each([
    'http://127.0.0.1:8091',
    'http://127.0.0.1',
    'http://localhost:8090',
    'http://[::1]:8090',
    `https://${own}`,
    `http://${own}/`,
    `http://${own}.evil.test`,
    'null',
    '',
    'http://evil.test',
  ])('%j is another one', (origin) => {
    expect(answered([`Origin: ${origin}`], 'POST')).toBe(403);
    expect(answered([`Origin: ${origin}`, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate'])).toBe(403);
  });

  it('may be null only where the browser says that the page was the own one', () => {
    expect(answered(['Origin: null', 'Sec-Fetch-Site: same-origin'], 'POST')).toBe(200);
    expect(answered(['Origin: null', 'Sec-Fetch-Site: none'], 'POST')).toBe(403);
    expect(answered(['Origin: null', 'Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: cross-site'], 'POST')).toBe(403);
  });

  it('is there once', () => expect(answered([`Origin: http://${own}`, `Origin: http://${own}`])).toBe(403));
});

describe('Sec-Fetch-Site', () => {
  it.each(['same-origin', 'none'])('%s passes', (site) => expect(answered([`Sec-Fetch-Site: ${site}`], 'POST')).toBe(200));
  it.each(['same-site', 'cross-site', 'new-kind', ''])('%j passes as a link that is followed, and not otherwise', (site) => {
    const from = `Sec-Fetch-Site: ${site}`;
    expect(answered([from])).toBe(403);
    expect(answered([from, 'Sec-Fetch-Mode: no-cors'])).toBe(403);
    expect(answered([from, 'Sec-Fetch-Mode: navigate'])).toBe(200);
    expect(answered([from, 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'], 'HEAD')).toBe(200);
    expect(answered([from, 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe'])).toBe(403);
    expect(answered([from, 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Mode: cors'])).toBe(403);
    expect(answered([from, 'Sec-Fetch-Mode: navigate'], 'POST')).toBe(403);
  });
});
