// Package columns says what the columns of somebody's own spreadsheet mean: for each heading the field of a kind of
// resource that it carries, and how its cells are written.
//
// A heading means a field when it is one of the field's names (package kinds, and the further spellings of words.go), or
// when it is one once the words are off that say nothing more (主要, 所属, the thing that the list is of). Nothing else is a
// reason: a heading with any other word beside it is left out, because a column that is missing is seen and mended, while
// one in the wrong place is not. The values of a column then speak for or against: a date field takes no column of texts.
//
// Everything here is pure: the same headings and rows give the same answer in whichever order the columns stand.
package columns
