package demo

import "context"

func (l loader) stories(context.Context) error { return nil }

// Options tbd.
type Options struct{}
