import type { ReactNode } from 'react';
import rows from './setting-rows.module.css';

/** Settings that belong together, under their heading. */
export function SettingsSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={rows.section} aria-label={title}>
      <h2 className={rows.title}>{title}</h2>
      <div className={rows.rows}>{children}</div>
    </section>
  );
}
