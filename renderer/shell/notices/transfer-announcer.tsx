import { VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { TransferRow } from '../../../shared/model/files.ts';
import { isLong, transferNotice } from '../../../shared/model/transfer-ends.ts';
import { useApp } from '../../state/context.tsx';
import { noTransfers } from '../../state/transfers.ts';
import { displayText } from '../../ui/display-text.ts';

/** Transfers of small files end in bursts, and a screen reader should read one sentence about them. */
const gatherMs = 1000;
/** A screen reader needs some seconds per sentence and must not fall behind. */
const quietMs = 5000;

/**
 * Tells screen readers which transfers ended or ask something, wherever the person is. Events that come close together are one
 * announcement.
 */
export function TransferAnnouncer() {
  const app = useApp();
  const [said, setSaid] = useState({ text: '', count: 0 });
  useEffect(() => {
    const { transfers, info } = app;
    let news = new Set<string>();
    let told = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // In a browser the page shows notices of these, which screen readers read.
    const isShown = (row: TransferRow) => info.host === 'browser' && row.state !== 'asking' && (isLong(row) || !document.hasFocus());
    const tell = () => {
      const { rows } = transfers.getState();
      const text = announcement([...news].flatMap((id) => rows[id] ?? []));
      timer = undefined;
      told = performance.now();
      news = new Set();
      setSaid(({ count }) => ({ text, count: count + 1 }));
    };
    const stop = transfers.subscribe((now, before) => {
      if (now.rows === before.rows || before.rows === noTransfers.rows) return;
      for (const [id, row] of Object.entries(now.rows)) {
        if (row !== before.rows[id] && row.state !== before.rows[id]?.state && isNews(row) && !isShown(row)) news.add(id);
      }
      if (news.size > 0) timer ??= setTimeout(tell, Math.max(gatherMs, told + quietMs - performance.now()));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [app]);
  return (
    <VisuallyHidden role="status" aria-label="Transfers">
      <span key={said.count}>{said.text}</span>
    </VisuallyHidden>
  );
}

const isNews = ({ state }: TransferRow) => state === 'done' || state === 'failed' || state === 'asking';

function announcement(rows: readonly TransferRow[]): string {
  const [asking, ...others] = rows.filter(({ state }) => state === 'asking');
  const ended = rows.filter((row) => isNews(row) && row.state !== 'asking');
  const parts: string[] = [];
  if (ended.length > 0) {
    const { title, body } = transferNotice(ended);
    parts.push(`${title}. ${body}.`);
  }
  if (asking && others.length === 0) parts.push(`The transfer of ${displayText(asking.name, 60)} waits for your answer.`);
  if (others.length > 0) parts.push(`${(others.length + 1).toLocaleString('en-US')} transfers wait for your answer.`);
  return parts.join(' ');
}
