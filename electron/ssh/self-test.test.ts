import { expect, test } from 'vitest';
import { testSsh } from './self-test.ts';

test('SSH works in this runtime', async () => {
  const steps = await testSsh();
  expect(steps.map(({ name, ok }) => [name, ok])).toEqual([
    ['SSH ciphers', true],
    ['SSH login with certificates', true],
  ]);
});
