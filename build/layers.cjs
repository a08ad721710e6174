// Who may import whom (README, "Folders"). Fails on a cycle, and when no modules were seen at all.
const ours = '^(shared|electron|renderer|test|proto)/';
/** The folders of electron/ that each of its rooms may import. A path is only as long as the rule needs. */
const mayKnow = {
  hosts: ['app/', 'host-contract/', 'lib/', 'settings/', 'teleport/connect/(web-roots|address)'],
  app: ['cli/', 'clusters/', 'host-contract/', 'lib/', 'requests/', 'settings/', 'ssh/', 'telemetry/'],
  requests: ['clusters/', 'lib/', 'teleport/'],
  clusters: ['host-contract/', 'lib/', 'ssh/', 'teleport/'],
  'session-host': ['cli/control-', 'host-contract/', 'lib/', 'ssh/', 'teleport/'],
  cli: ['lib/'],
  telemetry: ['lib/', 'teleport/connect/'],
  settings: ['lib/', 'telemetry/consent'],
  teleport: ['lib/', 'ssh/public-key'],
  ssh: ['lib/'],
  'host-contract': [],
  lib: [],
};
module.exports = {
  forbidden: [
    // A circle of types means that a type is in the wrong file, which is no better than a circle of values.
    { name: 'no-cycles', severity: 'error', from: { pathNot: '^test/' }, to: { circular: true } },
    {
      name: 'no-cycles-in-tests',
      severity: 'error',
      from: { path: '^test/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'shared-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(electron|renderer|test|proto)/' },
    },
    { name: 'shared-is-not-node', severity: 'error', from: { path: '^shared/', pathNot: '\\.test\\.ts$' }, to: { dependencyTypes: ['core'] } },
    { name: 'renderer-not-electron', severity: 'error', from: { path: '^renderer/' }, to: { path: '^(electron|proto|test)/' } },
    { name: 'electron-not-renderer', severity: 'error', from: { path: '^electron/' }, to: { path: '^renderer/' } },
    {
      name: 'features-do-not-know-each-other',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'only-the-shell-knows-electron',
      severity: 'error',
      from: { path: ours, pathNot: '^(electron/(hosts/electron/|main\\.ts|preload\\.ts)|test/e2e/)' },
      to: { path: '(^|/)node_modules/electron/|^electron$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-ssh-knows-ssh2',
      severity: 'error',
      from: { path: ours, pathNot: '^electron/ssh/' },
      to: { path: '(^|/)node_modules/(@types/)?ssh2/' },
    },
    ...Object.entries(mayKnow).map(([folder, others]) => ({
      name: `what-${folder}-may-know`,
      severity: 'error',
      from: { path: `^electron/${folder}/`, pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^electron/', pathNot: `^electron/(${[`${folder}/`, ...others].join('|')})` },
    })),
    ...Object.entries({
      features: 'shell|fakes',
      workbench: 'shell|features|fakes',
      state: 'shell|features|workbench|fakes',
      ui: 'shell|features|workbench|fakes',
    }).map(([room, above]) => ({
      name: `${room}-reaches-not-up`,
      severity: 'error',
      from: { path: `^renderer/${room}/`, pathNot: '\\.test\\.tsx?$' },
      to: { path: `^renderer/(${above})/` },
    })),
    ...Object.entries({ gateways: 'forwards|kinds', forwards: 'gateways|kinds', listening: 'gateways|forwards|kinds' }).map(([room, others]) => ({
      name: `local-ports-${room}-stand-alone`,
      severity: 'error',
      from: { path: `^electron/session-host/local-ports/${room}/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^electron/session-host/local-ports/(${others})/` },
    })),
    {
      name: 'protocols-have-no-file-system',
      severity: 'error',
      from: { path: '^electron/(teleport|ssh)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(node:)?fs(/promises)?$', dependencyTypes: ['core'] },
    },
    {
      name: 'generated-code-stays-on-the-wire',
      severity: 'error',
      from: { path: ours, pathNot: '^(electron/(teleport|telemetry)/|test/|proto/)' },
      to: { path: '^proto/gen/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: '^(shared|electron|renderer)/', pathNot: '\\.test\\.tsx?$|/testing/' },
      to: { path: '^test/' },
    },
  ],
  required: [{ name: 'modules-were-seen', severity: 'error', module: { path: '^electron/main\\.ts$' }, to: { path: '.' } }],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
