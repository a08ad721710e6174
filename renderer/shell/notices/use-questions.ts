import { useEffect } from 'react';
import { useApp } from '../../state/context.tsx';
import { followQuestions } from '../../workbench/questions.ts';

/** Main's questions are shown as dialogs while the window is there. */
export function useQuestions(): void {
  const app = useApp();
  useEffect(() => followQuestions(app), [app]);
}
