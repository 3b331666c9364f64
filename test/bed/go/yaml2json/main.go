// Command yaml2json reads a multi-document YAML stream on stdin and prints a
// JSON array with one element per non-empty document. It uses the YAML reader
// of the Kubernetes tools, so that tests can compare against how they read it.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "yaml2json:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	documents, err := split(in)
	if err != nil {
		return err
	}
	objects := make([]json.RawMessage, 0, len(documents))
	for i, document := range documents {
		converted, err := yaml.YAMLToJSON(document)
		if err != nil {
			return fmt.Errorf("document %d: %w", i+1, err)
		}
		if !bytes.Equal(bytes.TrimSpace(converted), []byte("null")) {
			objects = append(objects, converted)
		}
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(objects)
}

// split cuts the stream at lines that start with "---", as the Kubernetes
// readers do.
func split(in io.Reader) ([][]byte, error) {
	reader := bufio.NewReader(in)
	var documents [][]byte
	var current bytes.Buffer
	for {
		line, err := reader.ReadBytes('\n')
		if bytes.HasPrefix(line, []byte("---")) {
			documents = append(documents, bytes.Clone(current.Bytes()))
			current.Reset()
			// What follows the marker on its line belongs to the next document.
			current.Write(line[3:])
		} else {
			current.Write(line)
		}
		if err == io.EOF {
			return append(documents, bytes.Clone(current.Bytes())), nil
		}
		if err != nil {
			return nil, err
		}
	}
}
