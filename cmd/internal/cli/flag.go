package cli

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError says which value of a flag is wrong, and what is needed. For the types that pflag reads
// itself, its own error speaks of a function of Go.
func flagError(_ *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return err
	}
	cause := invalid.Unwrap()
	reason := cause.Error()
	if errors.Is(cause, strconv.ErrRange) {
		reason = "the number is out of range"
	} else if need := needed(invalid.GetFlag().Value.Type()); need != "" {
		reason = need + " is needed"
	}
	return fmt.Errorf("--%s %q: %s", invalid.GetFlag().Name, invalid.GetValue(), reason)
}

// needed describes the values of one of pflag's types, and is empty for another.
func needed(flagType string) string {
	switch flagType {
	case "bool":
		return "true or false"
	case "int":
		return "a whole number"
	case "intSlice":
		return "a list of whole numbers, such as 1,8,64,"
	case "uint64":
		return "a whole number from 0"
	case "duration":
		return "a time, such as 500ms or 1m30s,"
	}
	return ""
}
