// Command build makes what goes into the binary beside the Go code: the code of the templ pages, and the assets in
// internal/platform/ui/assets/dist (style sheet, scripts, one sprite of icons, their .br and .gz twins, a manifest of
// hashed names). It does only what is out of date; when nothing changed it is done in a few milliseconds.
//
//	go run ./tools/build             everything
//	go run ./tools/build -assets     the assets only
//	go run ./tools/build -watch      again after each change, until interrupted
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	onlyAssets := flag.Bool("assets", false, "build the assets only, without templ")
	watch := flag.Bool("watch", false, "build again after each change")
	flag.Parse()
	if err := run(ctx, *onlyAssets, *watch, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, onlyAssets, watch bool, out io.Writer) error {
	b := builder{out: out}
	for {
		err := b.build(ctx, onlyAssets)
		if !watch {
			return err
		}
		if err != nil {
			b.say("build: %v\n", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(400 * time.Millisecond):
		}
	}
}

type builder struct{ out io.Writer }

func (b builder) say(format string, args ...any) {
	_, _ = fmt.Fprintf(b.out, format, args...) // a closed terminal is no reason to stop
}

func (b builder) build(ctx context.Context, onlyAssets bool) error {
	if !onlyAssets {
		if err := b.templates(ctx); err != nil {
			return err
		}
	}
	if err := b.packages(ctx); err != nil {
		return err
	}
	return b.assets()
}

// packages installs the npm packages when the lock file is newer than what is there. No script of a package runs.
func (b builder) packages(ctx context.Context) error {
	if !older("node_modules/.package-lock.json", "package-lock.json") {
		return nil
	}
	return b.command(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
}

func (b builder) command(ctx context.Context, name string, args ...string) error {
	c := exec.CommandContext(ctx, name, args...)
	c.Stdout, c.Stderr = b.out, b.out
	if err := c.Run(); err != nil {
		return fmt.Errorf("run %s: %w", name, err)
	}
	return nil
}

// older tells whether a is missing or older than b.
func older(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return true
	}
	y, err := os.Stat(b)
	return err == nil && x.ModTime().Before(y.ModTime())
}
