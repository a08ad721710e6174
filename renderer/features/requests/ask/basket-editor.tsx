import { Checkbox, CloseButton, MultiSelect } from '@mantine/core';
import { type NamedResource, type RequestCapabilities, type RequestsOverview, resourceIdText } from '../../../../shared/model/access-request.ts';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import { useApp } from '../../../state/context.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { addToBasket, changeBasket } from '../../../workbench/request-actions.ts';
import { resourceKindName } from '../request-words.ts';
import classes from './ask.module.css';
import { NamespacesField } from './namespaces-field.tsx';

interface Props {
  cluster: ClusterKey;
  overview: RequestsOverview;
  /** Null until the cluster has told. */
  capabilities: RequestCapabilities | null;
  /** Of the roles that reach the resources, those to ask for. */
  kept: readonly string[];
  onKept(roles: string[]): void;
}

/** What is in the basket: roles to choose, or resources with the roles and namespaces to reach them by. */
export function BasketEditor({ cluster, overview: { basket, features }, capabilities, kept, onKept }: Props) {
  const app = useApp();
  if (basket.resources.length === 0) {
    const described = new Map(capabilities?.roles.map(({ name, description }) => [name, description]));
    const change = (roles: string[]) => {
      const added = roles.filter((role) => !basket.roles.includes(role));
      const removed = basket.roles.filter((role) => !roles.includes(role));
      if (added.length > 0) void addToBasket(app, cluster, { roles: added });
      if (removed.length > 0) void changeBasket(app, cluster, 'remove', { roles: removed });
    };
    const none = capabilities !== null && capabilities.roles.length === 0 && basket.roles.length === 0;
    return (
      <MultiSelect
        label="Roles"
        data-autofocus
        description={[none && 'There is no role that you may request.', features.resourceRequests && 'Resources are added on the resources page.']
          .filter(Boolean)
          .join(' ')}
        placeholder={basket.roles.length === 0 && !none ? 'Choose roles' : undefined}
        disabled={none}
        searchable
        hidePickedOptions
        openOnFocus={basket.roles.length === 0}
        nothingFoundMessage={capabilities ? 'No such role' : 'Asking the cluster…'}
        maxDropdownHeight={280}
        data={[...new Set([...(capabilities?.roles.map(({ name }) => name) ?? []), ...basket.roles])]}
        value={basket.roles}
        onChange={change}
        renderOption={({ option }) => (
          <span className={classes.option}>
            <Untrusted text={option.value} most={100} />
            {described.get(option.value) && <Untrusted text={described.get(option.value) ?? ''} most={160} className={classes.dim} />}
          </span>
        )}
      />
    );
  }
  return (
    <>
      <fieldset className={classes.group}>
        <legend>{basket.resources.length === 1 ? '1 resource' : `${basket.resources.length} resources`}</legend>
        <ul className={classes.items}>
          {grouped(basket.resources).map((group) => (
            <Item key={resourceIdText(group.whole.id)} cluster={cluster} group={group} />
          ))}
        </ul>
      </fieldset>
      {capabilities && capabilities.applicableRoles.length > 1 && (
        <Checkbox.Group
          label="By these roles"
          value={[...kept]}
          onChange={(roles) => {
            if (roles.length > 0) onKept(roles);
          }}
        >
          <div className={classes.roles}>
            {capabilities.applicableRoles.slice(0, 200).map((role) => (
              <Checkbox
                key={role}
                size="xs"
                value={role}
                label={<Untrusted text={role} most={100} />}
                disabled={kept.length === 1 && kept[0] === role}
              />
            ))}
          </div>
        </Checkbox.Group>
      )}
    </>
  );
}

interface Group {
  /** The resource itself, whether it is asked for as a whole or not. */
  whole: NamedResource;
  /** Namespaces of a Kubernetes cluster; empty for the whole of it. */
  namespaces: string[];
}

/** The namespaces of a Kubernetes cluster belong together, in the place of their cluster. */
function grouped(resources: readonly NamedResource[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { id, display } of resources) {
    const isNamespace = id.kind === 'namespace';
    const whole = { id: { ...id, kind: isNamespace ? 'kube_cluster' : id.kind, subResource: isNamespace ? '' : id.subResource }, display };
    const key = resourceIdText(whole.id);
    const group = groups.get(key) ?? { whole, namespaces: [] };
    groups.set(key, isNamespace ? { ...group, namespaces: [...group.namespaces, id.subResource] } : group);
  }
  return [...groups.values()];
}

const membersOf = ({ whole, namespaces }: Group): NamedResource[] =>
  namespaces.length === 0 ? [whole] : namespaces.map((subResource) => ({ ...whole, id: { ...whole.id, kind: 'namespace', subResource } }));

function Item({ cluster, group }: { cluster: ClusterKey; group: Group }) {
  const app = useApp();
  const { whole, namespaces } = group;
  const narrow = async (next: string[]) => {
    const before = membersOf(group);
    const after = membersOf({ whole, namespaces: next.map((name) => name.trim()).filter(Boolean) });
    const texts = (list: NamedResource[]) => list.map(({ id }) => resourceIdText(id));
    const added = after.filter(({ id }) => !texts(before).includes(resourceIdText(id)));
    const removed = before.filter(({ id }) => !texts(after).includes(resourceIdText(id)));
    if (added.length > 0 && !(await changeBasket(app, cluster, 'add', { resources: added }))) return;
    if (removed.length > 0) await changeBasket(app, cluster, 'remove', { resources: removed });
  };
  const name = displayText(whole.display || whole.id.name, 200);
  return (
    <li className={classes.item}>
      <div className={classes.itemLine}>
        <Untrusted text={name} most={200} />
        <span className={classes.dim}>{resourceKindName(whole.id.kind)}</span>
        <CloseButton
          size="xs"
          aria-label={`Remove ${name}`}
          onClick={() => void changeBasket(app, cluster, 'remove', { resources: membersOf(group) })}
        />
      </div>
      {whole.id.kind === 'kube_cluster' && (
        <NamespacesField cluster={cluster} kube={whole.id} name={name} value={namespaces} onChange={(next) => void narrow(next)} />
      )}
    </li>
  );
}
