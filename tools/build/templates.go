package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const pages = "internal" // where templ files and the code that names icons live

// templates generates the code of the templ files that are newer than it, and removes code whose templ file is gone.
func (b builder) templates(ctx context.Context) error {
	var stale []string
	err := filepath.WalkDir(pages, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if source, ok := strings.CutSuffix(path, "_templ.go"); ok {
			if _, err := os.Stat(source + ".templ"); os.IsNotExist(err) {
				return os.Remove(path)
			}
		}
		source, ok := strings.CutSuffix(path, ".templ")
		if ok && older(source+"_templ.go", path) {
			stale = append(stale, path)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for templates: %w", err)
	}
	if len(stale) == 0 {
		return nil
	}
	start := time.Now()
	if len(stale) > 3 {
		err = b.command(ctx, "go", "tool", "templ", "generate", "-path", pages, "-log-level", "error")
	} else {
		for _, path := range stale {
			if err = b.command(ctx, "go", "tool", "templ", "generate", "-f", path, "-log-level", "error"); err != nil {
				break
			}
		}
	}
	if err != nil {
		return err
	}
	for _, path := range stale { // templ leaves code alone that would not change
		code := strings.TrimSuffix(path, ".templ") + "_templ.go"
		if err := os.Chtimes(code, time.Time{}, time.Now()); err != nil {
			return fmt.Errorf("generate %s: %w", path, err)
		}
	}
	b.say("templates: %d generated in %v\n", len(stale), time.Since(start).Round(time.Millisecond))
	return nil
}
