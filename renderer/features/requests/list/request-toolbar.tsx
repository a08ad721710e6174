import { ActionIcon, Button } from '@mantine/core';
import { IconPlus, IconRefresh } from '@tabler/icons-react';
import type { KeyboardEvent, RefObject } from 'react';
import { type RequestState, type RequestsOverview, requestStates } from '../../../../shared/model/access-request.ts';
import { useApp } from '../../../state/context.tsx';
import listPage from '../../../ui/list-page.module.css';
import { SearchField } from '../../../ui/search-field.tsx';
import { Tip } from '../../../ui/tip.tsx';
import { stateWords } from '../request-words.ts';
import classes from '../requests.module.css';
import type { RequestsChange, RequestsDocumentData } from './requests-document-data.ts';

interface Props {
  searchRef: RefObject<HTMLInputElement | null>;
  document: RequestsDocumentData;
  overview: RequestsOverview | undefined;
  /** The search field takes the keyboard when it becomes so. */
  onChange(change: RequestsChange): void;
  /** The person goes from the search field to the list. */
  onLeave(): void;
}

export function RequestToolbar({ searchRef, document, overview, onChange, onLeave }: Props) {
  const { main, notifications, requests } = useApp();
  const refresh = () =>
    main
      .call('requests.refresh', { cluster: document.cluster })
      .catch((caught) => notifications.getState().notifyError('The requests could not be read', caught));
  const toggle = (state: RequestState) =>
    onChange({ states: document.states.includes(state) ? document.states.filter((other) => other !== state) : [...document.states, state] });
  return (
    <div className={listPage.toolbar}>
      <div className={listPage.toolRow}>
        <ScopeTabs document={document} overview={overview} onChange={onChange} />
        <span className={classes.spring} />
        <Tip label="Refresh">
          <ActionIcon aria-label="Refresh" onClick={() => void refresh()}>
            <IconRefresh size={16} />
          </ActionIcon>
        </Tip>
        <Button size="compact-sm" leftSection={<IconPlus size={14} />} onClick={() => requests.setState({ asking: document.cluster })}>
          New request
        </Button>
      </div>
      <div className={listPage.toolRow}>
        <SearchField
          inputRef={searchRef}
          label="Search requests"
          placeholder="Search by user, role, resource or reason"
          value={document.search}
          onChange={(search) => onChange({ search })}
          onLeave={onLeave}
        />
        <div className={`${listPage.filters} ${classes.states}`} role="group" aria-label="State">
          {requestStates.map((state) => (
            <button key={state} type="button" className={listPage.chip} aria-pressed={document.states.includes(state)} onClick={() => toggle(state)}>
              {stateWords[state]}
            </button>
          ))}
        </div>
      </div>
      {overview && overview.features.explanation !== '' && <p className={classes.explanation}>{overview.features.explanation}</p>}
    </div>
  );
}

const scopeNames = { waiting: 'Needs your review', mine: 'Yours', reviewed: 'Reviewed by you', all: 'All' } as const;
type Scope = keyof typeof scopeNames;

function ScopeTabs({ document, overview, onChange }: Pick<Props, 'document' | 'overview' | 'onChange'>) {
  const scopes: readonly Scope[] = overview?.features.reviews === false ? ['mine', 'all'] : ['waiting', 'mine', 'reviewed', 'all'];
  const counts: Partial<Record<Scope, number>> = {
    waiting: overview?.counts.waiting,
    mine: overview && overview.counts.pending + overview.counts.approved,
  };
  const choose = (scope: Scope) => onChange({ scope, request: '' });
  const walk = (event: KeyboardEvent) => {
    const at = scopes.indexOf(document.scope);
    const target = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: scopes.length - 1 }[event.key];
    const next = target === undefined ? undefined : scopes[(target + scopes.length) % scopes.length];
    if (!next) return;
    event.preventDefault();
    choose(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-scope="${next}"]`)?.focus();
  };
  return (
    <div role="tablist" aria-label="Which requests" className={classes.scopes} onKeyDown={walk}>
      {scopes.map((scope) => (
        <button
          key={scope}
          type="button"
          role="tab"
          data-scope={scope}
          tabIndex={document.scope === scope ? 0 : -1}
          aria-selected={document.scope === scope}
          className={classes.scope}
          onClick={() => choose(scope)}
        >
          {scopeNames[scope]}
          {(counts[scope] ?? 0) > 0 && (
            <span className={classes.count} data-loud={scope === 'waiting' || undefined}>
              {counts[scope]?.toLocaleString()}
            </span>
          )}
        </button>
      ))}
    </div>
  );
}
