import { expect, test } from 'vitest';
import { shellEnvironment } from './login-shell.ts';

test.each([
  [{}, {}],
  [{ NO_PROXY: 'a.example' }, { NO_PROXY: 'a.example' }],
  [{ http_proxy: '' }, {}],
  [{ http_proxy: 'http://p:1' }, { NO_PROXY: '127.0.0.1,localhost,::1', no_proxy: '127.0.0.1,localhost,::1' }],
  [
    { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.example' },
    { NO_PROXY: 'a.example,127.0.0.1,localhost,::1', no_proxy: 'a.example,127.0.0.1,localhost,::1' },
  ],
  [
    { all_proxy: 'x', no_proxy: 'b,localhost', NO_PROXY: 'c' },
    { NO_PROXY: 'c,127.0.0.1,localhost,::1', no_proxy: 'b,localhost,127.0.0.1,::1' },
  ],
  [
    { all_proxy: 'x', no_proxy: '*' },
    { NO_PROXY: '*', no_proxy: '*' },
  ],
])('a shell beside a web proxy reaches this computer without it: %j', (env, expected) => {
  const { NO_PROXY, no_proxy } = shellEnvironment(env);
  expect({ ...(NO_PROXY === undefined ? {} : { NO_PROXY }), ...(no_proxy === undefined ? {} : { no_proxy }) }).toEqual(expected);
});
