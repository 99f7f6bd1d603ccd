// Package scenario holds the stories of people against the whole program, over HTTP and the command
// line only. A file's name says what a person does.
package scenario
