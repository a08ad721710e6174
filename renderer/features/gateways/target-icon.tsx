import { IconArrowsRightLeft, IconDatabase, IconPlugConnected, IconSteeringWheel, IconTerminal2, IconWorldWww } from '@tabler/icons-react';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';

const icons = { database: IconDatabase, kube: IconSteeringWheel, app: IconWorldWww, forward: IconArrowsRightLeft, ssh: IconTerminal2 };

export function TargetIcon({ row: { target, protocol }, size = 16 }: { row: Pick<ConnectionRow, 'target' | 'protocol'>; size?: number }) {
  const Icon = protocol === 'mcp' || protocol === 'tcp' ? IconPlugConnected : icons[target.kind];
  return <Icon size={size} stroke={1.6} aria-hidden style={{ flex: 'none' }} />;
}
