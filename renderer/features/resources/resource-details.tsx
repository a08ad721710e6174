import { Anchor, CloseButton } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import type { Label, Resource } from '../../../shared/model/resource.ts';
import { useApp } from '../../state/context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { openLink } from '../../workbench/open-link.ts';
import { useSlots } from '../../workbench/slots.tsx';
import { AccessNote } from './buttons/access-note.tsx';
import { FilesButton } from './buttons/files-button.tsx';
import { LoginMenu } from './buttons/login-menu.tsx';
import classes from './details.module.css';
import { isTarget, KindIcon, kindName } from './kinds.tsx';
import type { MenuButton } from './open-menu.ts';

const labelsShown = 100;
const healthText = { healthy: 'Healthy', unhealthy: 'Unhealthy', unknown: 'Unknown', mixed: 'Partly unhealthy' } as const;

interface Props {
  resource: Resource;
  cluster: ClusterKey;
  /** Leaf cluster the tab shows, or empty. */
  leaf: string;
  /** The button whose menu is open. */
  menu: MenuButton | null;
  onMenu(button: MenuButton | null): void;
  onClose(): void;
  onConnect(resource: Resource, login: string): void;
  onLabel(label: Label): void;
}

/** All that is known of one resource, and how to reach it: here, by tsh, or on the cluster's web page. */
export function ResourceDetails({ resource, cluster, leaf, menu, onMenu, onClose, onConnect, onLabel }: Props) {
  const connectMenu = { opened: menu === 'connect', onOpened: (opened: boolean) => onMenu(opened ? 'connect' : null) };
  const { ConnectMenu } = useSlots();
  return (
    <aside className={classes.pane} aria-label="Details" onKeyDown={(event) => event.key === 'Escape' && menu === null && onClose()}>
      <header className={classes.header}>
        <KindIcon kind={resource.kind} size={20} />
        <h2 className={classes.title}>
          <Untrusted text={resource.name} most={200} wrap />
        </h2>
        <CloseButton size="sm" aria-label="Close details" onClick={onClose} />
      </header>
      {resource.kind === 'node' && !resource.requiresRequest && (
        <div className={classes.actions}>
          <LoginMenu resource={resource} {...connectMenu} onConnect={onConnect} />
          {resource.logins.length > 0 && (
            <FilesButton
              resource={resource}
              cluster={cluster}
              leaf={leaf}
              menuOpen={menu === 'files'}
              onMenu={(opened) => onMenu(opened ? 'files' : null)}
            />
          )}
        </div>
      )}
      {isTarget(resource) && (
        <div className={classes.actions}>
          <ConnectMenu resource={resource} cluster={cluster} leaf={leaf} {...connectMenu} inRow={false} />
        </div>
      )}
      {resource.kind !== 'node' && !isTarget(resource) && !resource.requiresRequest && (
        <p className={classes.note}>Slipway cannot open this kind of resource yet. The command or the web page below can.</p>
      )}
      {resource.requiresRequest && <AccessNote resource={resource} cluster={cluster} />}
      <dl className={classes.facts}>
        <Fact name="Type">
          {kindName(resource.kind)}
          {resource.subKind && <Untrusted text={` · ${resource.subKind}`} most={80} wrap />}
        </Fact>
        <TextFact name={leaf ? 'Leaf cluster' : 'Cluster'} text={resource.cluster} />
        <TextFact name="Address" text={resource.address} copy />
        <TextFact name="Description" text={resource.description} />
        {resource.health !== '' && <Fact name="Health">{healthText[resource.health]}</Fact>}
        {resource.kind === 'node' && <TextFact name="Host ID" text={resource.id} copy mono />}
        {resource.logins.length > 0 && <TextFact name="Logins" text={resource.logins.join(', ')} />}
      </dl>
      {resource.tshCommand !== '' && (
        <section className={classes.section} aria-label="tsh command">
          <h3>With tsh</h3>
          <div className={classes.command}>
            <Untrusted text={resource.tshCommand} most={1000} wrap mono />
            <CopyButton text={resource.tshCommand} label="Copy command" />
          </div>
        </section>
      )}
      {resource.webUrl !== '' && <WebLink url={resource.webUrl} />}
      {resource.labels.length > 0 && (
        <section className={classes.section} aria-label="Labels">
          <h3>Labels</h3>
          <div className={classes.labels}>
            {resource.labels.slice(0, labelsShown).map((label) => (
              <button
                key={`${label.name}=${label.value}`}
                type="button"
                className={classes.label}
                title="Show only resources with this label"
                onClick={() => onLabel(label)}
              >
                <Untrusted text={`${label.name}: ${label.value}`} most={120} wrap />
              </button>
            ))}
          </div>
        </section>
      )}
    </aside>
  );
}

function WebLink({ url }: { url: string }) {
  const app = useApp();
  return (
    <section className={classes.section} aria-label="Web page">
      <h3>In the browser</h3>
      <div className={classes.command}>
        <Anchor component="button" type="button" size="sm" className={classes.link} onClick={() => void openLink(app, url)}>
          <Untrusted text={url} most={300} wrap />
          <IconExternalLink size={13} aria-hidden />
        </Anchor>
        <CopyButton text={url} label="Copy link" />
      </div>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function TextFact({ name, text, copy = false, mono = false }: { name: string; text: string; copy?: boolean; mono?: boolean }) {
  if (text === '') return null;
  return (
    <Fact name={name}>
      <Untrusted text={text} most={500} wrap mono={mono} />
      {copy && <CopyButton text={text} label={`Copy ${name.toLowerCase()}`} />}
    </Fact>
  );
}
