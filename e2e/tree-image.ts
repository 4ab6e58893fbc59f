import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { layoutFromTar } from '../bench/image.ts'
import { output } from './process.ts'
import { newFolder } from './suite.ts'

/** An OCI layout with one layer that holds everything below the folder. */
export async function treeImage(folder: string): Promise<string> {
  const place = newFolder('layout')
  const layer = join(place, 'layer.tar')
  const layout = join(place, 'oci')
  await output('tar', [
    '--create',
    '--sort=name',
    '--numeric-owner',
    '--owner=0',
    '--group=0',
    `--file=${layer}`,
    `--directory=${folder}`,
    '.',
  ])
  await layoutFromTar(layer, layout)
  rmSync(layer)
  return layout
}
