/** Invented names: first and last words of companies, people and wares. Accents, apostrophes and ampersands are on purpose. */
export const companyFirst = [
  "O'Brackenfell",
  'Tümmelkorn',
  'Quillby & Sons',
  'Sornávia',
  'Hapgrove',
  "D'Elmarche",
  'Vintholm',
  'Ñandaré',
  'Pellucidar Row',
  'Mossgate',
  'Ferrenby',
  'Krügelstad',
  'Wexcombe & Pyle',
  'Tarnished Oak',
  "L'Averdiére",
  'Brúnholt',
  'Cindermere',
  'Yarrowick',
  'Zephandale',
  'Ostermund',
]
export const companyLast = ['Interiors', 'Outfitters', 'Trading Co.', 'Home & Garden', 'Supply', 'Boutique']
export const peopleFirst = [
  'Maréva',
  'Tobin',
  'Ilse',
  'Joaquín',
  'Perrin',
  'Ottoline',
  'Børge',
  'Saskia',
  'Anselm',
  'Wren',
]
export const peopleLast = [
  "O'Tarrow",
  'Vexley',
  'Núñezal',
  'Hollowmere',
  'Strandqvist',
  'Abernoll',
  'Çelendor',
  'Pinwhistle',
]
export const wareFirst = [
  'Linden',
  'Harbor',
  'Café',
  "Miller's",
  'Salt & Pepper',
  'Alpine',
  'Juniper',
  'Señorial',
  'Copper',
  'Willow',
]
export const wareLast = ['Lamp', 'Chair', 'Throw', 'Vase', 'Table', 'Mirror']
export const streets = ['Lantern Way', 'Old Quarry Road', 'Saffron Street', 'Tidewater Avenue', 'Elm & Third']
export const places = [
  { city: 'Port Alder', state: 'NY', postalCode: '10999' },
  { city: 'Saint Orrin', state: 'NJ', postalCode: '07999' },
  { city: 'Maple Hollow', state: 'CT', postalCode: '06999' },
  { city: 'Grünfeld', state: 'PA', postalCode: '18999' },
  { city: 'Cañada Vista', state: 'TX', postalCode: '79999' },
]
