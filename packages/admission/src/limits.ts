/** Bounds of one review and of its answer. */
export const admissionLimits = {
  /** Different images of one object; an object with more is denied. */
  images: 250,
  /** Characters of a denial: kubectl prints it whole, the events of a controller keep the first thousand. */
  message: 1500,
  /** Characters of one warning: Kubernetes may cut off what is longer than 256. */
  warning: 250,
  /** Warnings of one answer. */
  warnings: 10,
  /** Characters of one audit annotation. */
  annotation: 4000,
  /** Findings that a denial names. */
  findings: 3,
} as const
