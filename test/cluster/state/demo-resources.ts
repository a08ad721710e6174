import { createHash } from 'node:crypto';
import { appEntry, databaseEntry, desktopEntry, kubeEntry, nodeEntry } from './entries.ts';
import type { Entry } from './inventory.ts';

const environments = ['prod', 'staging', 'dev'];
const regions = ['fra', 'iad', 'sin', 'gru'];
const teams = ['billing', 'search', 'edge', 'data', 'identity', 'mobile'];
const services = ['web', 'api', 'cache', 'queue', 'worker', 'proxy', 'batch', 'mail'];
const protocols = ['postgres', 'mysql', 'mongodb', 'redis', 'sqlserver', 'cockroachdb'];

/** Listed resources, `count` of each kind: the same ones for the same cluster name. They can be seen, not entered. */
export function demoResources(cluster: string, count: number, serverVersion: string): Entry[] {
  return Array.from({ length: count }, (_, index) => {
    const labels = {
      env: environments[index % 3]!,
      region: regions[index % 4]!,
      team: teams[index % 6]!,
      'teleport.internal/resource-id': uuid(cluster, index),
    };
    const service = services[index % 8]!;
    const suffix = `${labels.region}-${String(index + 1).padStart(3, '0')}`;
    const agent = `agent-${index % 5}`;
    const protocol = protocols[index % 6]!;
    return [
      nodeEntry(
        {
          uuid: uuid(cluster, index),
          hostname: `${service}-${suffix}`,
          labels: { ...labels, os: index % 5 === 0 ? 'debian' : 'ubuntu' },
          subKind: index % 7 === 0 ? 'openssh' : 'teleport',
          listed: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}:3022`,
        },
        serverVersion,
      ),
      databaseEntry(
        `${labels.team}-${protocol}-${suffix}`,
        labels,
        protocol,
        `${protocol}.internal:5432`,
        agent,
        `${labels.team} data in ${labels.region}`,
        index % 9 === 4 ? 'unhealthy' : 'healthy',
      ),
      appEntry(`${labels.team}-${service}-${suffix}`, labels, appUri(index, service), `${labels.team}-${service}-${suffix}.${cluster}`, agent),
      kubeEntry(`kube-${labels.team}-${suffix}`, labels, agent),
      desktopEntry(`desk-${labels.team}-${suffix}`, labels, `10.9.${(index >> 8) & 255}.${index & 255}:3389`),
    ];
  }).flat();
}

/** Names and labels that try to break a page or a terminal. */
export function hostileResources(serverVersion: string): Entry[] {
  const names = [
    'bell\u0007and\u001b[31mred',
    'right-to-left \u202Egnp.exe',
    '<img src=x onerror="document.title=1">',
    `long-${'x'.repeat(10_240)}`,
    'new\nline\ttab',
    'emoji-👩‍👩‍👧‍👦-🏳️‍🌈',
    'zero\u200Bwidth\uFEFF',
    '..',
    '../../etc/passwd',
    '$(reboot)`reboot`;reboot',
    '"quotes"\'',
    '\u0000null',
    ' ',
    'combining-Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘',
  ];
  return names.flatMap((name, index) => {
    const labels = { env: 'dev', hostile: 'yes', [`key ${name.slice(0, 40)}`]: name.slice(0, 200) };
    return [
      nodeEntry({ uuid: uuid('hostile', index), hostname: name, labels }, serverVersion),
      databaseEntry(`db ${name}`, labels, 'postgres', name, name, name),
      appEntry(`app ${name}`, labels, `javascript:${name}`, name, name, name),
    ];
  });
}

function appUri(index: number, service: string): string {
  if (index % 25 === 3) return `mcp+http://${service}.internal:9000`;
  return index % 10 === 4 ? `tcp://${service}.internal:7000` : `http://${service}.internal:8080`;
}

/** A stable UUID for a thing of a cluster, by its number or name. */
export function uuid(cluster: string, thing: number | string): string {
  const hex = createHash('sha256').update(`${cluster}/${thing}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
