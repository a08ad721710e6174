import { app } from 'electron';
import type { OpenRequest } from '../../../shared/model/access-request.ts';
import { linkIn, parseDeepLink } from '../deep-link.ts';

export interface DeepLinks {
  /** Opens the link on the command line of another start of the app, if there is one. */
  fromArguments(argv: readonly string[]): void;
}

/** Takes links from the OS: as an event on macOS, on the command line elsewhere. `open` gets what a good one names; bad ones are `refused`. */
export function takeDeepLinks(open: (request: OpenRequest) => void, refused: (what: string) => void): DeepLinks {
  const take = (link: string) => {
    const request = parseDeepLink(link);
    if (request) open(request);
    else refused(`a link that leads nowhere: ${link.slice(0, 200)}`);
  };
  const fromArguments = (argv: readonly string[]) => {
    const link = linkIn(argv);
    if (link) take(link);
  };
  app.on('open-url', (event, link) => {
    event.preventDefault();
    take(link);
  });
  // From a checkout this would register the bare Electron.
  if (app.isPackaged) app.setAsDefaultProtocolClient('slipway');
  fromArguments(process.argv);
  return { fromArguments };
}
