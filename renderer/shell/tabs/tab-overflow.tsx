import { ActionIcon, Menu, ScrollArea } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { type RefObject, useEffect, useState } from 'react';
import { useApp, useClusters, useTabStatuses, useWorkspace } from '../../state/context.tsx';
import { mainDocument } from '../../state/tabs.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { TabIcon, tabTitle } from './tab-info.tsx';

/** All tabs as a menu, there when they do not fit into the bar. */
export function TabOverflow({ strip }: { strip: RefObject<HTMLDivElement | null> }) {
  const app = useApp();
  const clusters = useClusters();
  const tabs = useWorkspace((state) => state.tabs);
  const active = useWorkspace((state) => state.active);
  const statuses = useTabStatuses((state) => state.statuses);
  const [overflows, setOverflows] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: more tabs need another look
  useEffect(() => {
    const element = strip.current;
    if (!element) return;
    const measure = () => setOverflows(element.scrollWidth > element.clientWidth + 1);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [strip, tabs.length]);

  if (!overflows) return null;
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <ActionIcon aria-label={`All ${tabs.length} tabs`}>
          <IconChevronDown size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <ScrollArea.Autosize mah="60vh" type="auto">
          {tabs.map((tab) => {
            const document = mainDocument(tab);
            return (
              <Menu.Item
                key={tab.id}
                leftSection={<TabIcon kind={document.kind} />}
                aria-current={tab.id === active}
                fw={tab.id === active ? 600 : undefined}
                onClick={() => app.workspace.getState().activate(tab.id)}
              >
                <Untrusted text={tabTitle(document, clusters, statuses[document.id])} />
              </Menu.Item>
            );
          })}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}
