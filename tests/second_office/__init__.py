"""The second office: a maker of measuring instruments near Stuttgart, with Swiss, American and British clients.

The mails are written by hand in the YAML files beside this module, in the shape of `daemon.sample`; all companies and people are
invented. `truth.yaml` says what a careful colleague reads in them, and was written before Kept had read them. `wrong_today.yaml`
lists what Kept still gets wrong; whoever mends something deletes its line.
"""
