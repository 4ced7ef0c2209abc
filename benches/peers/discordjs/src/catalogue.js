// The Orchard API, made up: what tokens are for.

export const PROVIDER = { id: 'orchard', name: 'Orchard API' };
export const API_VERSIONS = [2];
export const LIFETIMES = [30, 90, 180, 365];

const scope = (id, method, path) => ({ id, method, path: `/Orchards/{AccountSID}/${path}` });

export const CATEGORIES = [
  {
    id: 'trees',
    name: 'Trees',
    scopes: [
      scope('listTrees', 'GET', 'Trees'),
      scope('getTree', 'GET', 'Trees/{TreeId}'),
      scope('plantTree', 'POST', 'Trees'),
      scope('fellTree', 'DELETE', 'Trees/{TreeId}'),
    ],
  },
  {
    id: 'harvests',
    name: 'Harvests',
    scopes: [
      scope('listHarvests', 'GET', 'Harvests'),
      scope('getHarvest', 'GET', 'Harvests/{HarvestId}'),
      scope('recordHarvest', 'POST', 'Harvests'),
      scope('correctHarvest', 'PATCH', 'Harvests/{HarvestId}'),
    ],
  },
];

export function findCategory(id) {
  return CATEGORIES.find((category) => category.id === id);
}

// Scopes are kept as `trees:listTrees`.
export function scopeIds(category) {
  return category.scopes.map(({ id }) => `${category.id}:${id}`);
}

export function describeScope(fullId) {
  const [categoryId, id] = fullId.split(':');
  const found = findCategory(categoryId)?.scopes.find((scope) => scope.id === id);
  return found ? `${found.method} ${found.path}` : fullId;
}
