import type { UsageEventName } from '../../shared/model/telemetry.ts';

/** Where each event of the schema comes from, or why Slipway has no such event. */
export const emitters: Record<UsageEventName, { from: string } | { notApplicable: string }> = {
  cluster_login: { from: 'Telemetry.loggedIn, called by the cluster service after each login and the refresh that follows it' },
  protocol_use: {
    from:
      'Telemetry.ticketCalls[session.opened], called by the session host once a shell is there, a gateway was opened, or one of an earlier run is ' +
      'used again; Telemetry.calls[telemetry.app-opened], called when an app is opened in the browser',
  },
  access_request_create: { from: 'AccessRequestService.onUse, once the cluster has created the request' },
  access_request_review: { from: 'AccessRequestService.onUse, once the cluster has taken a review or a promotion' },
  access_request_assume_role: { from: 'AccessRequestService.onUse, once the new certificate was read back' },
  file_transfer_run: { from: 'Telemetry.ticketCalls[transfer.started], called by the queue of transfers when one that a person asked for starts' },
  user_job_role_update: { from: 'Telemetry.calls[telemetry.job-role], called when the dialog is sent' },
  connect_my_computer_setup: { notApplicable: 'Slipway does not set up agents on this computer yet' },
  connect_my_computer_agent_start: { notApplicable: 'Slipway does not run agents on this computer yet' },
};
