import type { Socket } from 'node:net';
import type * as z from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import { jsonLine, readJsonLine } from '../lib/json-line.ts';
import { dialPrivately } from '../lib/private-socket.ts';
import { answeringPath } from './control-path.ts';
import { type AppRequest, answerSchema } from './control-request.ts';

const answerLimit = { limit: 16 * 1024 * 1024, milliseconds: 120_000 };

/** Asks the running app of this data folder. */
export async function ask<S extends z.ZodType>(home: string, request: AppRequest, schema: S): Promise<z.output<S>> {
  const socket = await dialPrivately(answeringPath(home, 'app'));
  try {
    socket.write(jsonLine(request));
    return schema.parse(await readAnswer(socket));
  } finally {
    socket.destroy();
  }
}

/** Asks for the byte stream to a server. */
export async function askRelay(home: string, request: object): Promise<Socket> {
  const socket = await dialPrivately(answeringPath(home, 'relay'));
  try {
    socket.write(jsonLine(request));
    await readAnswer(socket);
    return socket;
  } catch (caught) {
    socket.destroy();
    throw caught;
  }
}

async function readAnswer(socket: Socket): Promise<unknown> {
  const answer = answerSchema.parse(await readJsonLine(socket, answerLimit));
  if (!answer.ok) throw AppError.fromData(answer.error);
  return answer.value;
}
