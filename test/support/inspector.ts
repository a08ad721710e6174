import { WebSocket } from 'ws';

/** A Node process that was started with `--inspect`, seen through its inspector. */
export interface Inspector {
  send(method: string, params?: object): Promise<unknown>;
  /** The value of an expression there, of a promise when it is one. */
  evaluate<T>(expression: string): Promise<T>;
  close(): void;
}

/** `output`: what the process has written, in which it names its inspector's address. */
export async function inspect(output: string): Promise<Inspector> {
  const url = /ws:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]+(?=\s)/.exec(output.slice(output.indexOf('Debugger listening')))?.[0];
  if (!url) throw new Error('the host was not started with an inspector');
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let last = 0;
  const send = (method: string, params: object = {}) =>
    new Promise<unknown>((resolve) => {
      const id = ++last;
      const listener = (data: unknown) => {
        const message = JSON.parse(String(data)) as { id?: number; result: unknown };
        if (message.id !== id) return;
        socket.off('message', listener);
        resolve(message.result);
      };
      socket.on('message', listener);
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    send,
    async evaluate(expression) {
      const { result, exceptionDetails } = (await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })) as {
        result: { value: never };
        exceptionDetails?: { exception?: { description?: string } };
      };
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? 'the expression failed');
      return result.value;
    },
    close: () => socket.close(),
  };
}
