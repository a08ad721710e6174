/** What was found out about this window's WebGL. `frameMs` is null when a reason to stay off it came before the measurement. */
export interface GlReport {
  isUsable: boolean;
  reason: string;
  renderer: string;
  frameMs: number | null;
}

/** Names under which Chromium and Mesa draw GL without a GPU. */
const softwareNames = /swiftshader|llvmpipe|softpipe|software|basic render|lavapipe|virgl|svga3d/i;

/** A terminal frame that takes longer than this leaves nothing of a 60 Hz frame for parsing. */
const slowestFrameMs = 8;

export function isSoftwareGl(renderer: string): boolean {
  return softwareNames.test(renderer);
}

/** Looks at the driver's name, then times a few full-screen frames. Costs some ten milliseconds; the context is given back. */
export function probeGl(document: Document, now: () => number): GlReport {
  const canvas = document.createElement('canvas');
  canvas.width = 1280;
  canvas.height = 720;
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, failIfMajorPerformanceCaveat: true });
  if (!gl) return { isUsable: false, reason: 'WebGL is not available, or only in software', renderer: '', frameMs: null };
  try {
    const info = gl.getExtension('WEBGL_debug_renderer_info');
    const renderer = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
    if (isSoftwareGl(renderer)) return { isUsable: false, reason: 'GL is drawn in software', renderer, frameMs: null };
    const frameMs = timeFrames(gl, now);
    if (frameMs === null) return { isUsable: false, reason: 'the GL driver refused a shader', renderer, frameMs };
    const isUsable = frameMs <= slowestFrameMs;
    return { isUsable, reason: isUsable ? 'GL is drawn by a GPU' : 'GL frames take too long', renderer, frameMs };
  } finally {
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

/** Blends textured full-screen triangles, as many fragments as a busy terminal has; the median of three frames after a warm one, in ms. */
function timeFrames(gl: WebGL2RenderingContext, now: () => number): number | null {
  const program = gl.createProgram();
  const add = (type: number, source: string) => {
    const shader = gl.createShader(type);
    if (!shader) return;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  };
  add(
    gl.VERTEX_SHADER,
    `#version 300 es
    out vec2 at;
    void main() { at = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 2.0; gl_Position = vec4(at * 2.0 - 1.0, 0.0, 1.0); }`,
  );
  add(
    gl.FRAGMENT_SHADER,
    `#version 300 es
    precision mediump float; uniform sampler2D glyphs; in vec2 at; out vec4 colour;
    void main() { colour = texture(glyphs, at); }`,
  );
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
  // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's useProgram is no hook
  gl.useProgram(program);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 512, 512, 0, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(512 * 512 * 4).fill(127));
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
  const pixel = new Uint8Array(4);
  const times: number[] = [];
  for (let frame = 0; frame < 4; frame++) {
    const start = now();
    for (let layer = 0; layer < 3; layer++) gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    if (frame > 0) times.push(now() - start);
  }
  return times.sort((a, b) => a - b)[1] ?? null;
}
