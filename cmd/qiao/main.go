// Command qiao is the whole platform: `qiao serve` runs it, `qiao help` lists the rest.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"qiao/internal/app"
	"qiao/internal/platform/config"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Main(ctx, os.Args[1:], app.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: config.Environment})
	stop()
	os.Exit(code)
}
