import { generateProto } from './proto.mjs';

export default function setup(): void {
  generateProto();
}
