// Package cataloguetest is what tests of the catalogue and of the rooms around it stand on: a database with two
// providers, and a site whose pages and API are asked as one of the people of the test.
//
// It does not import the catalogue, so that the catalogue's own tests can use it.
package cataloguetest
