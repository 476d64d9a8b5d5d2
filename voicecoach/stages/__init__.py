"""The verbs: one module, one public function. No stage imports another."""
