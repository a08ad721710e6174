import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proto } from '../../../proto/gen/teleport.js';
import { resourceSchema } from '../../../shared/model/resource.ts';
import { exchangesOf, type RpcExchange, vectorNames } from '../../../test/wire/vectors.ts';
import { readResource, readResources } from './resources.ts';

const place = { cluster: 'root.test', rootCluster: 'root.test', proxyAddress: 'teleport.example.com:443' };
const decode = (name: string) => {
  const { response } = exchangesOf<RpcExchange>(name)[0]!;
  return proto.ListUnifiedResourcesResponse.decode(Buffer.from(response.protobuf_base64!, 'base64')).Resources;
};

describe('lists of a real cluster', () => {
  it('a server with logins, of a leaf', () => {
    const { resources, skipped } = readResources(decode('leaf-list'), { ...place, cluster: 'leaf.test' });
    expect(skipped).toBe(0);
    expect(resources[0]).toEqual({
      kind: 'node',
      id: 'ff7f9402-aea1-48af-b01f-243a7efbfca5',
      cluster: 'leaf.test',
      name: 'node-l',
      description: '',
      labels: [
        { name: 'env', value: 'dev' },
        { name: 'tier', value: 'edge' },
      ],
      address: '127.0.0.1:4132',
      subKind: '',
      logins: ['root', 'ubuntu'],
      requiresRequest: false,
      health: '',
      tshCommand: 'tsh ssh --proxy=teleport.example.com:443 --cluster=leaf.test root@node-l',
      webUrl: 'https://teleport.example.com/web/cluster/leaf.test/console/node/ff7f9402-aea1-48af-b01f-243a7efbfca5/root',
    });
  });

  it('applications, Kubernetes and MCP, hidden labels left out', () => {
    const { resources } = readResources(decode('rpc-lur-first-page'), place);
    expect(resources).toMatchObject([
      {
        kind: 'app',
        subKind: 'http',
        address: 'https://grafana.localhost',
        tshCommand: 'tsh proxy app --proxy=teleport.example.com:443 grafana',
        webUrl: 'https://teleport.example.com/web/launch/grafana.localhost/root.test/grafana.localhost',
      },
      { kind: 'kube_cluster', health: 'unhealthy', tshCommand: 'tsh kube login --proxy=teleport.example.com:443 kube1' },
      {
        kind: 'mcp',
        subKind: 'mcp',
        address: 'mcp+http://127.0.0.1:4196',
        labels: [
          { name: 'env', value: 'dev' },
          { name: 'teleport.dev/origin', value: 'config-file' },
        ],
      },
    ]);
  });

  it('every recorded list becomes rows that fit the model, with nothing skipped', () => {
    let rows = 0;
    for (const name of vectorNames('rpc-lur-')) {
      if (exchangesOf<RpcExchange>(name)[0]!.response.grpc_status !== 0) continue;
      const { resources, skipped } = readResources(decode(name), place);
      expect(skipped, name).toBe(0);
      for (const resource of resources) expect(resourceSchema.parse(resource)).toEqual(resource);
      rows += resources.length;
    }
    expect(rows).toBeGreaterThan(30);
  });
});

describe('what a server may send', () => {
  it('leaves out and counts what it does not know', () => {
    const { resources, skipped } = readResources([{}, { Node: {} }, { Node: { Metadata: { Name: 'x' } } }, { DatabaseServer: {} }], place);
    expect(resources.map((resource) => resource.id)).toEqual(['x']);
    expect(skipped).toBe(3);
  });

  it('every kind has a row', () => {
    const named = { Metadata: { Name: 'n' } };
    const items: proto.IPaginatedResource[] = [
      { Node: { ...named, SubKind: 'openssh', Spec: { Hostname: 'h' } } },
      {
        DatabaseServer: {
          Spec: { Database: { ...named, Spec: { Protocol: 'postgres', URI: 'db:5432', DynamicLabels: { size: { Result: 'big' } } } } },
          Status: { TargetHealth: { Status: 'healthy' } },
        },
      },
      { KubeCluster: named },
      { AppServer: { Spec: { App: { ...named, Spec: { URI: 'tcp://db:1' } } } } },
      { AppServer: { Spec: { App: { ...named, Spec: { URI: 'https://console.aws.amazon.com/ec2' } } } } },
      { AppServer: { Spec: { App: { ...named, Spec: { URI: 'cloud://Azure', Cloud: 'Azure' } } } } },
      { WindowsDesktop: { Header: named, Spec: { Addr: 'win:3389', NonAD: true } }, Logins: ['Administrator'] },
      { linux_desktop: { metadata: { Name: 'n' }, hostname: 'lin' } },
      { SAMLIdPServiceProvider: { Header: named, Spec: { EntityID: 'https://sp.test' } } },
      { git_server: { ...named, SubKind: 'github', Spec: { git_hub: { organization: 'acme' } } } },
    ];
    const { resources, skipped } = readResources(items, place);
    expect(skipped).toBe(0);
    expect(
      resources.map(({ kind, name, subKind, tshCommand }) => [kind, name, subKind, tshCommand.replace(' --proxy=teleport.example.com:443', '')]),
    ).toEqual([
      ['node', 'h', 'openssh', 'tsh ssh h'],
      ['db', 'n', 'postgres', 'tsh db connect n'],
      ['kube_cluster', 'n', '', 'tsh kube login n'],
      ['app', 'n', 'tcp', 'tsh proxy app n'],
      ['app', 'n', 'aws', 'tsh apps login n'],
      ['app', 'n', 'cloud', 'tsh apps login n'],
      ['windows_desktop', 'n', 'local', ''],
      ['linux_desktop', 'lin', '', ''],
      ['saml_idp_service_provider', 'n', '', ''],
      ['git_server', 'acme', 'github', 'tsh git login --github-org=acme'],
    ]);
    expect(resources[1]).toMatchObject({ labels: [{ name: 'size', value: 'big' }], health: 'healthy', address: 'db:5432' });
    expect(resources[6]!.webUrl).toBe('https://teleport.example.com/web/cluster/root.test/desktops/n/Administrator');
  });

  it('hostile names are cleaned and cut', () => {
    const row = readResource(
      {
        Node: {
          Metadata: { Name: 'id', Labels: { 'a\u0000\u202Eb': '\u001b[2Jx' } },
          Spec: { Hostname: `\u202Egpj.exe\u0007\n${'é'.repeat(10_000)}` },
        },
      },
      place,
    )!;
    expect(row.name.startsWith('gpj.exe é')).toBe(true);
    expect(row.name).toHaveLength(1000);
    expect(row.labels).toEqual([{ name: 'ab', value: '[2Jx' }]);
  });

  it('a copied command is one word per word in a shell, whatever the names hold', () => {
    const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 30 }), (hostile) => {
        const rows = [...hostile, '; rm -rf ~', "it's $(id) `id` | cat", '-oProxyCommand=x'].flatMap(
          (name) => readResource({ DatabaseServer: { Spec: { Database: { Metadata: { Name: name } } } } }, place) ?? [],
        );
        const script = rows.map(({ tshCommand }) => `set -- ${tshCommand}; printf '%s\\0' "$#" "$1" "\${*: -1}"`).join('\n');
        const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
        const seen = stdout.split('\0').slice(0, -1);
        rows.forEach(({ id }, index) => {
          expect(seen.slice(index * 3, index * 3 + 3)).toEqual([id.startsWith('-') ? '6' : '5', 'tsh', id]);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('decoding garbage throws or gives rows, and never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        let items: proto.IPaginatedResource[];
        try {
          items = proto.ListUnifiedResourcesResponse.decode(bytes).Resources;
        } catch {
          return;
        }
        for (const resource of readResources(items, place).resources) resourceSchema.parse(resource);
      }),
      { numRuns: 1000 },
    );
  });
});
