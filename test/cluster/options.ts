import { userInfo } from 'node:os';
import { requestPeople } from './state/request-people.ts';
import type { RoleSpec } from './state/roles.ts';
import type { ConnectorSpec } from './web/single-sign-on.ts';

export interface UserSpec {
  readonly name: string;
  readonly password: string;
  readonly roles: readonly string[];
  /** Value of the `logins` trait. */
  readonly logins?: readonly string[];
  /** `false`: an account without a second factor. */
  readonly totp?: boolean;
}

export interface ClusterOptions {
  /** Cluster name; the leaf is called `leaf`. */
  readonly name?: string;
  /** Loopback address to listen on. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Which server to behave like, 14 to 19: login fields, endpoints and RPCs differ. */
  readonly serverVersion?: string;
  /** Host name of the root cluster's own server; `demo-server` unless it is said. */
  readonly serverName?: string;
  /** `false`: the web port serves the web API only, SSH and auth are behind a port of their own (login-and-auth §5.2). */
  readonly tlsRouting?: boolean;
  readonly secondFactor?: 'otp' | 'off';
  readonly motd?: string;
  /** Single sign-on; none unless wanted. */
  readonly connectors?: readonly ConnectorSpec[];
  /** Besides `alice` and `bob`, `dana` who asks for access, and `rita` and `ron` who review. */
  readonly users?: readonly UserSpec[];
  readonly roles?: readonly RoleSpec[];
  /** Listed resources of each kind. */
  readonly resources?: number;
  /** Adds resources whose names are hostile: control characters, right-to-left marks, ten kilobytes of text. */
  readonly hostileNames?: boolean;
  /** `oss`: no reviews, no requests for resources (login-and-auth §7.7). The default is `ent`. */
  readonly edition?: 'oss' | 'ent';
  /** What the web page of the cluster shows; the default is not said, which means `requestable`. */
  readonly showResources?: 'requestable' | 'accessible_only';
  /** Access requests of unknown people, for long lists. */
  readonly accessRequests?: number;
  readonly leaf?: boolean;
  /** Whether there are databases, apps and a Kubernetes cluster that really work. Off by default. */
  readonly gateways?: boolean;
  /** Whether to start a real `sshd` as agentless nodes where one is installed. */
  readonly sshd?: boolean;
  /** The proxy ends the SSH of agentless nodes and opens its own to their `sshd`, as a real one does, instead of passing bytes through. */
  readonly agentlessHop?: boolean;
  /** The login routes' limit of 20 calls a minute, burst 40. */
  readonly rateLimit?: boolean;
  /** Longest certificate, milliseconds. */
  readonly sessionTtl?: number;
  /** Interval of the SSH node's keepalive requests, milliseconds. */
  readonly keepAlive?: number;
  readonly now?: () => number;
}

/** The person's own account on this machine: the login that can get a shell everywhere. */
export const localLogin = userInfo().username;

export const defaultUsers: readonly UserSpec[] = [
  { name: 'alice', password: 'alice-in-slipway', roles: ['access', 'developer'], logins: [...new Set([localLogin, 'root'])] },
  { name: 'bob', password: 'bob-builds-boats', roles: ['visitor'] },
  ...requestPeople(localLogin),
];

/** One of each kind, for people who try the app. */
export const demoConnectors: readonly ConnectorSpec[] = [
  { type: 'github', name: 'github', display: 'GitHub (demo)', users: ['alice', 'bob'] },
  { type: 'oidc', name: 'company', display: 'Company login (demo OIDC)', users: ['alice', 'bob', 'rita'] },
  { type: 'saml', name: 'partner', display: 'Partner login (demo SAML)', users: ['alice', 'bob'] },
];
