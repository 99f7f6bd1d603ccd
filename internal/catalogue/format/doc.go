// Package format turns one record of the catalogue and its owner into the shapes others read: PIDINST 1.0
// (JSON and XML), the national network platform (NRII), UNIQUIP 1.0, schema.org JSON-LD, Dublin Core,
// DataCite, BibTeX and RIS, and our own lossless XML, which can be read back.
//
// It is pure: it knows no database, no language of a reader and no permission. Contact data of persons
// is left out of every shape made for everybody.
package format
