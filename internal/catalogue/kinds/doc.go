// Package kinds describes, once and as data, what a resource of each kind consists of: its fields with
// their Chinese and English labels, types, limits and choices, and the headings under which spreadsheets
// carry them. Forms, import, validation, the API, exports and facets all read these descriptions.
//
// The instrument has the whole field list of the national network platform for research facilities and
// large instruments (NRII, import template of 47 columns and interface vintage 2016; lengths are the
// stricter of the two where they differ only for what we write, and the wider one for what we accept).
// Instrument classes are the two public levels of 《大型科学仪器设备分类与代码》 used by national surveys.
package kinds
