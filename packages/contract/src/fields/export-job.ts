import type { FieldTable } from '../field-table.ts'

/** An export that was asked for. */
export const exportJobFields = {
  resource: { kind: 'text', description: 'what is exported, such as images.packages' },
  status: {
    kind: 'word',
    words: [
      'READY',
      'WAITING',
      'IN_PROGRESS',
      'DONE',
      'FAILED',
      'WAITING_FOR_RETRY',
      'CANCELED',
      'RESULT_DELETED',
    ],
    description: 'how far the export is',
  },
} as const satisfies FieldTable
