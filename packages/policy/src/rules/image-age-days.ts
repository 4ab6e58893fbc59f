import { defineProp } from '../prop.ts'

export const imageAgeDays = defineProp<'image'>({
  name: 'image_age_days',
  subject: 'image',
  kind: 'days',
  description: 'days since the image was built',
  read: ({ created }) => created,
})
