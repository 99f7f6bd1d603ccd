// Package data holds the public data that ships with Qiao, packed small: administrative divisions,
// city centres, research institutions, calls for proposals, awards, and code lists.
//
// Every file is a gzipped CSV made by the tool in data/pack from the sources named in NOTICE and
// docs/data.md; run it again with the same sources and the bytes are the same. Rows are kept as they
// came: a bad date or a cut title stays what it was and is flagged, never mended. The holidays live
// beside the code that reads them, in internal/platform/workday.
//
// Each reader unpacks its file anew; keep the result if you need it twice.
package data
