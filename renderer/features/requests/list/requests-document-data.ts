import type { Document } from '../../../../shared/model/document.ts';

/** The saved tab of access requests, and what of it the page changes. */
export type RequestsDocumentData = Extract<Document, { kind: 'requests' }>;
export type RequestsChange = Partial<Omit<RequestsDocumentData, 'id' | 'kind' | 'cluster'>>;
