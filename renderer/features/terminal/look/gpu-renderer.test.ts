import { expect, test, vi } from 'vitest';
import { isSoftwareGl } from './gl-probe.ts';
import { GpuPolicy, GpuRenderer } from './gpu-renderer.ts';

test.each([
  'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
  'Google SwiftShader',
  'llvmpipe (LLVM 15.0.6, 256 bits)',
  'Mesa/X.org, softpipe',
  'Microsoft Basic Render Driver',
  'SVGA3D; build: RELEASE;  LLVM;',
])('is software: %s', (name) => expect(isSoftwareGl(name)).toBe(true));

test.each([
  'ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)',
  'Apple M2',
  'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)',
])('is a GPU: %s', (name) => expect(isSoftwareGl(name)).toBe(false));

function setUp({ usable = true, loads = true, activates = true } = {}) {
  const policy = new GpuPolicy(vi.fn(() => usable));
  const addons: { lose(): void; disposed: boolean }[] = [];
  const terminal = {
    loadAddon: () => {
      if (!activates) throw new Error('no WebGL2');
    },
  };
  const renderer = new GpuRenderer(terminal as never, policy, async () => {
    if (!loads) throw new Error('chunk is gone');
    const addon = { lose: () => {}, disposed: false };
    addons.push(addon);
    return {
      onContextLoss: (listener: () => void) => {
        addon.lose = listener;
      },
      activate: () => {},
      dispose: () => {
        addon.disposed = true;
      },
    };
  });
  return { renderer, policy, addons };
}

test('a GPU is used while the terminal is seen, and its context given away after', async () => {
  const { renderer, addons } = setUp();
  await renderer.want(true, 'auto');
  expect(renderer.active).toBe(true);
  await renderer.want(false, 'auto');
  expect(renderer.active).toBe(false);
  expect(addons[0]!.disposed).toBe(true);
});

test('software GL stays on DOM unless the person insists', async () => {
  const { renderer } = setUp({ usable: false });
  await renderer.want(true, 'auto');
  expect(renderer.active).toBe(false);
  await renderer.want(true, 'gpu');
  expect(renderer.active).toBe(true);
  await renderer.want(true, 'dom');
  expect(renderer.active).toBe(false);
});

test('hidden while it loads: no context is taken', async () => {
  const { renderer, addons } = setUp();
  const loading = renderer.want(true, 'auto');
  void renderer.want(false, 'auto');
  await loading;
  expect(renderer.active).toBe(false);
  expect(addons.every(({ disposed }) => disposed)).toBe(true);
});

test('a lost context falls back to DOM, the second for good', async () => {
  const { renderer, addons, policy } = setUp();
  await renderer.want(true, 'auto');
  addons[0]!.lose();
  expect(renderer.active).toBe(false);
  await renderer.want(true, 'auto');
  expect(renderer.active).toBe(true);
  addons[1]!.lose();
  await renderer.want(true, 'auto');
  expect(renderer.active).toBe(false);
  expect(policy.allows('gpu')).toBe(false);
});

test('an add-on that does not load or start leaves DOM', async () => {
  for (const broken of [{ loads: false }, { activates: false }]) {
    const { renderer } = setUp(broken);
    await renderer.want(true, 'gpu');
    expect(renderer.active).toBe(false);
  }
});

test('the probe runs once for a window', () => {
  const probe = vi.fn(() => true);
  const policy = new GpuPolicy(probe);
  policy.allows('auto');
  policy.allows('auto');
  expect(probe).toHaveBeenCalledTimes(1);
});
