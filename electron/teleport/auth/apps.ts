import type { AppClass } from '../../../shared/model/gateway.ts';
import type { ResourcePlace } from './resource-links.ts';

interface Classified {
  readonly uri: string;
  /** `AWS`, `Azure`, `GCP` or empty. */
  readonly cloud: string;
  /** It is an account of AWS Identity Center, with permission sets to choose from. */
  readonly isIdentityCenter: boolean;
}

/** What an app is, by the address that its agent leads to (login-and-auth §7.4). Never `saml`: those are resources of a kind of their own. */
export function appClass({ uri, cloud, isIdentityCenter }: Classified): Exclude<AppClass, 'saml'> {
  if (isIdentityCenter) return 'aws';
  if (uri.startsWith('tcp://')) return 'tcp';
  if (uri.startsWith('mcp+')) return 'mcp';
  if (uri.startsWith('cloud://') || cloud === 'Azure' || cloud === 'GCP') return 'cloud';
  if (cloud === 'AWS' || uri.startsWith('https://console.aws.amazon.com')) return 'aws';
  return 'http';
}

interface Addressed {
  readonly name: string;
  readonly publicAddress: string;
  /** Teleport serves it below the proxy's name, whatever its public address is. */
  readonly usesProxyAddress: boolean;
}

/** The host that browsers find an app at: its public address counts only in the root cluster. */
export function appHost({ name, publicAddress, usesProxyAddress }: Addressed, { cluster, rootCluster, proxyAddress }: ResourcePlace): string {
  return (cluster === rootCluster && !usesProxyAddress && publicAddress) || `${name}.${proxyAddress.replace(/:\d+$/, '')}`;
}

/** Opens the app in the browser, through the proxy's web UI. */
export function launchUrl(app: Addressed, place: ResourcePlace): string {
  const host = appHost(app, place);
  return `${webOf(place)}/web/launch/${[host, place.cluster, app.publicAddress || host].map(encodeURIComponent).join('/')}`;
}

/** Logs in to a SAML app in the browser, by the proxy's identity provider. */
export function samlLaunchUrl(name: string, place: Pick<ResourcePlace, 'proxyAddress'>): string {
  return `${webOf(place)}/enterprise/saml-idp/login/${encodeURIComponent(name)}`;
}

const webOf = ({ proxyAddress }: Pick<ResourcePlace, 'proxyAddress'>) => `https://${proxyAddress.replace(/:443$/, '')}`;
