import { closestCenter, DndContext, type DragEndEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import { horizontalListSortingStrategy, SortableContext } from '@dnd-kit/sortable';
import { ActionIcon } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useApp, useWorkspace } from '../../state/context.tsx';
import { Tip } from '../../ui/tip.tsx';
import { closeTabs } from '../../workbench/close-tabs.ts';
import { useCommands } from '../../workbench/commands.ts';
import { Tab } from './tab.tsx';
import classes from './tab-bar.module.css';
import { TabOverflow } from './tab-overflow.tsx';

/** All tabs of all clusters in one row; it scrolls when they are too many. */
export function TabBar() {
  const app = useApp();
  const commands = useCommands();
  const tabs = useWorkspace((state) => state.tabs);
  const active = useWorkspace((state) => state.active);
  const { activate, move } = app.workspace.getState();
  const strip = useRef<HTMLDivElement>(null);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }));

  // biome-ignore lint/correctness/useExhaustiveDependencies: another active tab is what calls for it
  useEffect(() => {
    const bar = strip.current;
    if (!bar) return;
    const sized = new ResizeObserver(() => bar.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
    sized.observe(bar);
    return () => sized.disconnect();
  }, [active, tabs.length]);

  const drop = ({ active: dragged, over }: DragEndEvent) => {
    if (over)
      move(
        String(dragged.id),
        tabs.findIndex(({ id }) => id === over.id),
      );
  };
  const walk = (event: KeyboardEvent) => {
    const index = tabs.findIndex(({ id }) => id === active);
    const target = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (event.key === 'Delete' && active) void closeTabs(app, [active]);
    const next = target === undefined ? undefined : tabs[target];
    if (!next) return;
    event.preventDefault();
    activate(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <div className={classes.bar}>
      <div
        ref={strip}
        className={classes.strip}
        role="tablist"
        aria-label="Open tabs"
        onKeyDown={walk}
        onWheel={(event) => {
          if (strip.current && event.deltaX === 0) strip.current.scrollLeft += event.deltaY;
        }}
      >
        <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={drop} accessibility={{ restoreFocus: false }}>
          <SortableContext items={tabs.map(({ id }) => id)} strategy={horizontalListSortingStrategy}>
            {tabs.map((tab) => (
              <Tab key={tab.id} tab={tab} active={tab.id === active} />
            ))}
          </SortableContext>
        </DndContext>
      </div>
      <Tip label="New resources tab">
        <ActionIcon aria-label="New resources tab" onClick={() => commands.run('tab.resources')}>
          <IconPlus size={16} />
        </ActionIcon>
      </Tip>
      <TabOverflow strip={strip} />
    </div>
  );
}
