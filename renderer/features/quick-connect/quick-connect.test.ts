import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sshTargetSchema } from '../../../shared/model/document.ts';
import { sampleResource } from '../../fakes/samples.ts';
import { completionsFor, targetOf } from './completions.ts';
import { isComplete, parseTyped } from './typed-target.ts';

describe('what is typed', () => {
  test.each([
    ['root@web-1', { login: 'root', host: 'web-1' }],
    ['  root@web-1:3022 ', { login: 'root', host: 'web-1:3022' }],
    ['ssh root@web-1', { login: 'root', host: 'web-1' }],
    ['ada@corp.example@web', { login: 'ada@corp.example', host: 'web' }],
    ['web', { login: '', host: 'web' }],
    ['root@', { login: 'root', host: '' }],
  ])('%s', (text, expected) => expect(parseTyped(text)).toEqual(expected));

  test('what is complete makes a target that main accepts', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 1500 }), (text) => {
        const typed = parseTyped(text);
        fc.pre(isComplete(typed));
        expect(sshTargetSchema.safeParse(targetOf(completionsFor(typed, [])[0]!, 'u@c:1')).success).toBe(true);
      }),
    );
    expect(completionsFor(parseTyped('root@web'), [])).toMatchObject([{ id: 'typed', node: 'web', login: 'root' }]);
  });
});

describe('completions', () => {
  const server = (name: string, logins: string[], change = {}) => sampleResource(0, { kind: 'node', id: `uuid-${name}`, name, logins, ...change });

  test('without a login, each server is offered with its own', () => {
    expect(completionsFor(parseTyped('web'), [server('web-1', ['ada', 'root'])]).map(({ login, node }) => `${login} ${node}`)).toEqual([
      'ada uuid-web-1',
      'root uuid-web-1',
    ]);
  });

  test('an exact name comes first, by its UUID; else what was typed does', () => {
    const servers = [server('web-10', ['root']), server('web-1', ['root'])];
    expect(completionsFor(parseTyped('root@web-1'), servers).map(({ node }) => node)).toEqual(['uuid-web-1', 'uuid-web-10']);
    expect(completionsFor(parseTyped('root@web'), servers).map(({ node }) => node)).toEqual(['web', 'uuid-web-10', 'uuid-web-1']);
  });

  test('a typed login is tried even where it is not listed; servers that need a request are left out', () => {
    expect(
      completionsFor(parseTyped('deploy@we'), [server('web-1', ['ada']), server('web-2', ['ada'], { requiresRequest: true })]).map(
        ({ login, node }) => `${login} ${node}`,
      ),
    ).toEqual(['deploy we', 'deploy uuid-web-1']);
  });
});
